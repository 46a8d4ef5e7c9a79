UPDATE people SET name = 'René';
